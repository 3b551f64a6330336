/** Pages. What is put into a template is text, unless it is a template itself. */

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | Html | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((each, index) => (index === 0 ? each : textOf(parts[index - 1] ?? '') + each)).join(''));
}

function textOf(part: Part): string {
  if (part instanceof Html) {
    return part.text;
  }
  return typeof part === 'string'
    ? part.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    : part.map(textOf).join('');
}

/** `problem`: what went wrong, read out at once. */
export function page(title: string, body: Html, problem = ''): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>${title}</h1>
${problem === '' ? '' : html`<p role="alert">${problem}</p>`}
${body}
</main>
</body>
</html>
`.text;
}

export const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 1rem; }
main { max-width: 30rem; margin: 10vh auto; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
button, a.button { display: inline-block; padding: .6rem 1rem; border: 1px solid #0a7a55; border-radius: .4rem; background: #0a7a55; color: #fff; font: inherit; text-decoration: none; cursor: pointer; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
[role=alert] { padding: .5rem .75rem; border-left: 4px solid #b3261e; }
`;
