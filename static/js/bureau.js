// The desktop's behaviours, one per file, each bound by delegation to `data-a39-*`.
import "./attente.js";
import "./touches.js";
import "./liste.js";
import "./foyer.js";
import "./chrono.js";
import "./issues.js";
import "./panne.js";
