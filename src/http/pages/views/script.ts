/** What makes pages handier where a browser runs it. Every page does without: what needs the script is made by it. */
import { hash } from 'node:crypto';

export const SCRIPT = `'use strict';
for (const box of document.querySelectorAll('[data-show]')) {
  const input = box.querySelector('input');
  const button = document.createElement('button');
  const show = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? box.dataset.hide : box.dataset.show;
    button.setAttribute('aria-pressed', String(shown));
  };
  button.type = 'button';
  button.className = 'reveal';
  button.setAttribute('aria-controls', input.id);
  button.addEventListener('click', () => show(input.type === 'password'));
  // Managers of passwords save what is in a field of this type.
  input.form.addEventListener('submit', () => show(false));
  show(false);
  box.append(button);
}
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
`;

const DIGEST_DIGITS = 16;

export const SCRIPT_PATH = `/pages/${hash('sha256', SCRIPT, 'hex').slice(0, DIGEST_DIGITS)}.js`;
