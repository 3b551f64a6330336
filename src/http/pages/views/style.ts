/** The stylesheet: small, our own, and named by its digest, so that browsers may keep it for ever. */
import { hash } from 'node:crypto';

export const STYLE = `
:root { color-scheme: light dark; --gap: 1rem; --accent: #1f5fbf; --line: #8886; font: 1rem/1.5 system-ui, sans-serif; }
* { box-sizing: border-box; }
body { margin: 0; padding: var(--gap); }
main { max-width: 26rem; margin: 8vh auto 0; padding: 1.5rem; border: 1px solid var(--line); border-radius: .5rem; }
h1 { margin: 0 0 .5rem; font-size: 1.35rem; line-height: 1.25; overflow-wrap: anywhere; }
p, ul { margin: 0 0 var(--gap); overflow-wrap: anywhere; }
ul { padding-left: 1.25rem; }
label { display: block; margin-bottom: .25rem; font-weight: 600; }
input { width: 100%; min-height: 2.75rem; margin-bottom: var(--gap); padding: .5rem; font: inherit; border: 1px solid var(--line); border-radius: .25rem; }
button { flex: 1 1 0; width: 100%; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; border: 1px solid var(--accent); border-radius: .25rem; background: var(--accent); color: #fff; cursor: pointer; }
button.other { background: transparent; color: inherit; border-color: var(--line); }
button.plain { display: inline; width: auto; min-height: 0; padding: 0; border: 0; background: none; color: inherit; font-weight: 400; text-decoration: underline; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.choice { display: flex; gap: var(--gap); }
.notice { padding: .5rem .75rem; border-left: 4px solid #b3261e; }
.small { font-size: .875rem; }
details { margin-top: var(--gap); }
footer { margin-top: var(--gap); padding-top: var(--gap); border-top: 1px solid var(--line); }
footer > :last-child { margin-bottom: 0; }
`;

const DIGEST_DIGITS = 16;

/** At the root, whichever tenant's page asks. */
export const STYLE_PATH = `/pages/${hash('sha256', STYLE, 'hex').slice(0, DIGEST_DIGITS)}.css`;
