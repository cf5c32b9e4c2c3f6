// Sets the chosen contrast before the page is painted; the rest of the scripts may come later.
try { const chosen = localStorage.getItem("dukao:contrast"); if (chosen) document.documentElement.dataset.contrast = chosen; } catch { /* no storage: the system's setting holds */ }
