// Starts everything that data attributes ask for. Every page works without it; nothing here decides anything.
import { startCharts } from "./charts.js";
import { startDrafts } from "./drafts.js";
import { startFiles } from "./files.js";
import { startForms } from "./forms.js";
import { startFrame } from "./frame.js";
import { startKeys } from "./keys.js";
import { startPicking } from "./picking.js";
import { startPrint } from "./print.js";
import { startRefused } from "./refused.js";
import { startRows } from "./rows.js";
import { startSigning } from "./signing.js";

startFrame();
startRows();
startDrafts();
startFiles();
startForms();
startKeys();
startPicking();
startPrint();
startRefused();
startSigning();
window.addEventListener("load", startCharts);
