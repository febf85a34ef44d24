// A form in a dialog, which stays open with everything typed until its command has been done.
import { problemText } from "../command.js";
import { byId } from "../page.js";
import { words } from "./state.js";

/** Say what is wrong, and mark the field with that id; "" takes it all back. */
function showError(form, error, text, id) {
  error.textContent = text;
  error.hidden = !text;
  for (const field of form.querySelectorAll("input, textarea")) {
    const isWrong = Boolean(text) && field.id === id;
    field.closest(".field")?.classList.toggle("field--error", isWrong);
    if (isWrong) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", error.id);
      field.focus();
    } else {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  }
  if (text) error.scrollIntoView({ block: "nearest" });
}

/**
 * Open the form of that name. `check()` gives what is wrong as [text, id of the field] or null,
 * `send(complain)` is the command and resolves to null when it is done, and `fields` gives the id
 * of the field for each name that the server has for one.
 */
export function askInForm(name, { check, send, fields }) {
  const dialog = byId(`${name}-dialog`);
  const form = byId(`${name}-form`);
  const show = (text, id) => showError(form, byId(`${name}-error`), text, id);
  const complain = (problem) => {
    const field = problem.facts?.field;
    const id = fields[field];
    show(id ? words.fields[field] : problemText(problem, words), id);
  };
  show("");
  form.onsubmit = async (event) => {
    const button = event.submitter;
    if (button?.value !== "go") return;
    event.preventDefault();
    const wrong = check();
    show(...(wrong ?? [""]));
    if (wrong) return;
    button.disabled = true;
    const refused = await send(complain);
    button.disabled = false;
    if (!refused) dialog.close();
  };
  dialog.showModal();
}
