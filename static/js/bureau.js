// The desktop's behaviours, one per file, each bound by delegation to `data-a39-*`.
// In this order: the key that means nothing more is dropped before any is kept; what closes on « Échap » comes before the table of keys, and what moves the focus
// to a finer place after the module that places it. What keeps the actions of a cut connection comes
// before what only tells of a failure.
import "./seule.js";
import "./attente.js";
import "./definitions.js";
import "./copier.js";
import "./dicter.js";
import "./touches.js";
import "./liste.js";
import "./foyer.js";
import "./suite.js";
import "./plis.js";
import "./chrono.js";
import "./issues.js";
import "./etapes.js";
import "./suivi.js";
import "./detache.js";
import "./telephone.js";
import "./secours.js";
import "./panne.js";
import "./flash.js";
