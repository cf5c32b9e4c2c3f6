// Local storage that may be missing or full: reading gives null then, writing does nothing.
export function read(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}
export function write(key, value) {
  try { localStorage.setItem(key, value); } catch { /* full or forbidden: the page works without */ }
}
export function remove(key) {
  try { localStorage.removeItem(key); } catch { /* nothing to remove */ }
}
export function keys(prefix) {
  try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; }
}
