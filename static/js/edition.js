// The form of a proposition, in the admin and on the sectors' pages: one behaviour per file.
// Words and rows first, so that what is checked and saved is what they leave.
import "./edition-mots.js";
import "./edition-tables.js";
import "./edition-controle.js";
import "./edition-enregistrer.js";
import "./edition-liens.js";
