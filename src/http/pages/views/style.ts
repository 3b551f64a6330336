/** The stylesheet: small, our own, and named by its digest, so that browsers may keep it for ever. */
import { hash } from 'node:crypto';

/** Each colour has a name for what it is for. Those of an accent come from `accent.ts` where a tenant or a client has one. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f3f4f7; --card: #ffffff; --tint: #f3f4f7; --text: #1a1d23; --muted: #565e6b; --line: #dfe2e8; --field-line: #838b99;
  --accent: #2557c7; --on-accent: #ffffff; --accent-line: #2557c7; --accent-text: #2557c7;
  --wrong: #a61b14; --wrong-tint: #fdeeec; --done: #14603a; --done-tint: #e8f5ed; --attention: #8a4b00;
  --shadow: 0 1px 2px #1a1d2314, 0 8px 24px #1a1d230f;
  --radius: .625rem; --gap: 1rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101317; --card: #191d23; --tint: #232830; --text: #e8eaee; --muted: #a6aebb; --line: #2f353f; --field-line: #7a8391;
    --accent: #8fb1ff; --on-accent: #000000; --accent-line: #8fb1ff; --accent-text: #8fb1ff;
    --wrong: #ffa199; --wrong-tint: #33201f; --done: #8fd9ae; --done-tint: #1a2c22; --attention: #f0b866;
    --shadow: none;
  }
}
* { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", sans-serif; }
body { display: flex; flex-direction: column; align-items: center; min-height: 100vh; margin: 0; padding: clamp(1rem, 5vh, 3.5rem) var(--gap) 0; background: var(--page); color: var(--text); }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; text-wrap: balance; }
h1.long { font-size: 1.125rem; letter-spacing: 0; }
h2 { margin: 0; font-size: 1rem; line-height: 1.4; font-weight: 600; }
h1, h2, p, li, dd, strong, summary { overflow-wrap: anywhere; }
p, ul, ol, dl { margin: 0 0 var(--gap); }
html { line-break: strict; }
:lang(ja) :is(h1, h2, p, li, label, button) { word-break: auto-phrase; }
a { color: var(--accent-text); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent-line); outline-offset: 2px; border-radius: .25rem; }
.muted { color: var(--muted); }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; border: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none; }

.brand { display: flex; align-items: center; gap: .625rem; max-width: 100%; margin-bottom: 1.25rem; font-weight: 600; overflow-wrap: anywhere; }
.card { width: 100%; max-width: 27rem; padding: clamp(1.25rem, 5vw, 2rem); border: 1px solid var(--line); border-radius: var(--radius); background: var(--card); box-shadow: var(--shadow); }
.card > :last-child { margin-bottom: 0; }
.avatar { display: inline-flex; flex: none; align-items: center; justify-content: center; width: 2.25rem; height: 2.25rem; border-radius: .5rem; object-fit: contain; font-weight: 650; }
img.avatar { position: relative; background: #ffffff; }
img.avatar::after { content: attr(data-letter); position: absolute; inset: 0; display: flex; align-items: center; justify-content: center; background: var(--tint); color: var(--text); }
span.avatar { background: var(--tint); border: 1px solid var(--line); color: var(--text); }
.brand img.avatar::after, .brand span.avatar, div.account span.avatar { background: var(--card); }
:is(div, aside).account .avatar { border-radius: 50%; }
.avatar.large { width: 3.5rem; height: 3.5rem; border-radius: .75rem; font-size: 1.5rem; }
.of-client { margin-bottom: .75rem; }

form { margin: 0 0 var(--gap); }
.field { margin-bottom: var(--gap); }
label { display: block; margin-bottom: .25rem; font-weight: 600; }
input:not([type=hidden], [type=checkbox], [type=radio], .unseen) { display: block; width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--field-line); border-radius: .5rem; }
input[type=checkbox], input[type=radio] { width: 1.25rem; height: 1.25rem; accent-color: var(--accent-line); }
input:focus-visible { outline-offset: 0; border-color: transparent; border-radius: .5rem; }
input[aria-invalid=true] { border-color: var(--wrong); }
input[name=user_code] { text-transform: uppercase; }
input:is([autocomplete=one-time-code], [name=user_code]) { font-size: 1.25rem; letter-spacing: .1em; font-variant-numeric: tabular-nums; }
.secret { position: relative; }
.secret:has(.reveal) input { padding-right: 6rem; }
.reveal { position: absolute; inset: 0 0 0 auto; width: auto; min-height: 0; padding: 0 .75rem; border: 0; background: none; color: var(--accent-text); font-size: .875rem; }
.hint, .problem { margin: .375rem 0 0; font-size: .875rem; }
.hint { color: var(--muted); }
.problem { color: var(--wrong); font-weight: 500; }

button, .button { display: inline-flex; align-items: center; justify-content: center; width: 100%; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; border: 1px solid var(--accent-line); border-radius: .5rem; background: var(--accent); color: var(--on-accent); cursor: pointer; }
button:hover, .button:hover { filter: brightness(1.06); }
button.other, .button.other { background: transparent; color: inherit; border-color: var(--field-line); }
button.danger { background: transparent; color: var(--wrong); border-color: var(--wrong); }
button.small, .button.small { width: auto; min-height: 2.25rem; padding: .25rem .75rem; font-size: .875rem; }
.choice { display: flex; flex-wrap: wrap; gap: .75rem; }
.choice > * { flex: 1 1 8rem; width: auto; }
.ways { margin: 0; padding: 0; list-style: none; }
.ways li + li { margin-top: .5rem; }
.ways-on { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none; font-size: .9375rem; }
.ways-on a { display: inline-block; padding: .25rem 0; }

div.mark { display: flex; align-items: center; justify-content: center; width: 3rem; height: 3rem; margin-bottom: .75rem; border-radius: 50%; background: var(--tint); }
.mark .icon { width: 1.5rem; height: 1.5rem; margin: 0; color: var(--muted); }
.mark.done { background: var(--done-tint); }
.mark.done .icon { color: var(--done); }
.mark.wrong { background: var(--wrong-tint); }
.mark.wrong .icon { color: var(--wrong); }
.notice { padding: .625rem .875rem; border-radius: .5rem; background: var(--wrong-tint); color: var(--wrong); }
.notice.done { background: var(--done-tint); color: var(--done); }
.detail { padding: .625rem .875rem; border-radius: .5rem; background: var(--tint); font-size: .875rem; }
.code { font: 600 1.125rem/1.6 ui-monospace, "SF Mono", Menlo, Consolas, monospace; letter-spacing: .06em; }
details { margin-top: var(--gap); }
details.inner { margin: 0 0 var(--gap); }
.below { margin-top: .75rem; }
summary { color: var(--accent-text); cursor: pointer; padding: .25rem 0; }
details[open] > summary { margin-bottom: .5rem; }
code { font: .875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.permissions { padding: 0; list-style: none; border: 1px solid var(--line); border-radius: .5rem; }
.permissions li { display: flex; gap: .875rem; padding: .75rem .875rem; }
.permissions li > div { min-width: 0; }
.permissions li + li { border-top: 1px solid var(--line); }
.permissions strong, .permissions span { display: block; }
.permissions strong { font-weight: 600; }
.permissions .muted { font-size: .875rem; }
.permissions .codes { margin-top: .375rem; }
.codes code { display: inline-block; max-width: 100%; margin: .125rem .125rem .125rem 0; padding: 0 .375rem; border-radius: .25rem; background: var(--tint); }
.before .permissions { border-style: dashed; }
.before .icon { color: var(--muted); }
h2.above { margin-bottom: .375rem; font-size: .875rem; }
.facts { margin-bottom: 1.5rem; padding: 0; list-style: none; font-size: .875rem; }
.facts li { display: flex; gap: .75rem; }
.facts li + li { margin-top: .5rem; }
.facts span { min-width: 0; }
.facts .icon, .caution .icon { width: 1.125rem; height: 1.125rem; }
.facts .icon { color: var(--muted); }
.caution { display: flex; gap: .75rem; font-size: .875rem; }
.caution .icon { color: var(--wrong); }
.code.shown { padding: .5rem .75rem; border-radius: .5rem; background: var(--tint); font-size: 1.5rem; letter-spacing: .12em; text-align: center; }
.icon { flex: none; width: 1.25rem; height: 1.25rem; margin-top: .125rem; color: var(--accent-text); }
div.account { display: grid; grid-template-columns: auto minmax(0, 1fr); align-items: center; gap: .25rem .75rem; margin: 0 0 var(--gap); padding: .75rem .875rem; border-radius: .5rem; background: var(--tint); font-size: .875rem; line-height: 1.4; }
div.account p { margin: 0; grid-column: 2; }
h1 + :is(form, div.account, .empty, .items) { margin-top: 1.25rem; }
div.account a, .up a, a.alone { display: inline-block; padding: .25rem 0; }

.languages { width: 100%; margin-top: auto; padding: 1.5rem 0; font-size: .875rem; }
.languages ul { display: flex; flex-wrap: wrap; justify-content: center; gap: .25rem 1rem; margin: 0; padding: 0; list-style: none; }
.languages a, .languages span { display: inline-block; padding: .25rem; color: var(--muted); }
.languages span { font-weight: 600; color: var(--text); }

.columns { display: grid; grid-template-columns: 13rem minmax(0, 1fr); grid-template-areas: "nav main" "who main"; grid-template-rows: auto 1fr; gap: 1.25rem 1.5rem; width: 100%; max-width: 60rem; }
.card.wide { grid-area: main; max-width: none; }
.sections { grid-area: nav; }
.sections ul { margin: 0; padding: 0; list-style: none; }
.sections a { display: block; padding: .5rem .75rem; border-radius: .5rem; color: inherit; text-decoration: none; }
.sections a:hover { background: var(--tint); }
.sections a[aria-current] { background: var(--card); font-weight: 600; box-shadow: inset 3px 0 var(--accent-line); }
aside.account { grid-area: who; display: flex; flex-wrap: wrap; align-items: center; align-content: start; gap: .75rem; padding: 1rem .75rem; border-top: 1px solid var(--line); font-size: .875rem; }
aside.account p { flex: 1 1 6rem; margin: 0; }
aside.account form { flex: 1 0 100%; margin: 0; }
.up { margin-bottom: .5rem; font-size: .875rem; display: none; }
.items { margin: 0 0 var(--gap); padding: 0; list-style: none; }
.items > li { display: flex; flex-wrap: wrap; align-items: flex-start; gap: .5rem .875rem; padding: 1rem 0; border-top: 1px solid var(--line); }
.items .about { flex: 1 1 12rem; min-width: 0; }
.items .about p { margin: .125rem 0 0; font-size: .875rem; }
.items .act { margin-left: auto; }
.items .act form { margin: 0; }
.items .act { display: flex; flex-wrap: wrap; gap: .5rem; justify-content: flex-end; }
.may { display: flex; flex-wrap: wrap; gap: .375rem; margin: .5rem 0 0; padding: 0; list-style: none; font-size: .8125rem; }
.may li { padding: .0625rem .5rem; border: 1px solid var(--line); border-radius: .375rem; background: var(--tint); }
.paging { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .875rem; }
.paging p { margin: 0; }
.row { display: flex; flex-wrap: wrap; gap: .75rem; }
.row form { margin: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: .75rem; margin: 1rem 0 0; padding: 0; list-style: none; }
.cards a { display: block; height: 100%; padding: .875rem 1rem; border: 1px solid var(--line); border-radius: .5rem; color: inherit; text-decoration: none; }
.cards a:hover { background: var(--tint); }
.cards p { display: flex; gap: .5rem; margin: .125rem 0 0; color: var(--muted); font-size: .875rem; }
.cards span { min-width: 0; overflow-wrap: anywhere; }
.attention p, .attention .icon { color: var(--attention); }
textarea { display: block; width: 100%; padding: .5rem .75rem; font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--field-line); border-radius: .5rem; resize: vertical; }
textarea:focus-visible { outline-offset: 0; border-color: transparent; border-radius: .5rem; }
.shown-once { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; word-break: break-all; background: var(--tint); }
.empty { padding: 2rem 1rem; border: 1px dashed var(--line); border-radius: .5rem; color: var(--muted); text-align: center; }
.block { margin-top: 1.75rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
.block > h2 { margin-bottom: .5rem; font-size: 1.125rem; }
.narrow { max-width: 24rem; }
.qr { display: block; width: 13rem; max-width: 100%; height: auto; margin: 0 0 var(--gap); border-radius: .5rem; }
.recovery-codes { columns: 2; padding: .875rem 1rem; border: 1px solid var(--line); border-radius: .5rem; list-style: none; }
@media (max-width: 46rem) {
  .columns { display: block; }
  .sections { display: none; }
  .up { display: block; }
  .items .act { justify-content: flex-start; margin-left: 3.125rem; }
  .items.plain .act { margin-left: 0; }
  aside.account { margin-bottom: var(--gap); padding: 0 .25rem; border-top: 0; }
  aside.account form { flex: none; }
}
@media (max-width: 24rem) { .recovery-codes { columns: 1; } }
@media (prefers-reduced-motion: no-preference) { button, .button, .sections a { transition: background .12s, filter .12s; } }
@media (forced-colors: active) { button, .button { border-color: ButtonText; } }
@media print { body { background: none; padding: 0; } .brand, .languages, .sections, aside.account, button, .up, .unprinted { display: none; } .card { border: 0; box-shadow: none; max-width: none; } .columns { display: block; } }
`;

const DIGEST_DIGITS = 16;

/** At the root, whichever tenant's page asks. */
export const STYLE_PATH = `/pages/${hash('sha256', STYLE, 'hex').slice(0, DIGEST_DIGITS)}.css`;
