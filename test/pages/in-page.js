/** What is seen from within a page, in a world of its own: no script of the page meets it, and its policy does not hold here. */

const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';

const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false });

function describe(element) {
  const text = (element.innerText || element.value || '').trim().slice(0, 30);
  const named = [element.id && `#${element.id}`, element.getAttribute('name') && `[name=${element.name}]`];
  return `<${element.localName}${named.filter(Boolean).join('')}>${text}`;
}

function boxOf(element) {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return { left: left + scrollX, top: top + scrollY, right: right + scrollX, bottom: bottom + scrollY };
}

/** In the order of the document; of radio buttons of one name only the one that Tab stops at. */
function stops() {
  const all = [...document.querySelectorAll(CONTROLS)].filter(
    (element) => isShown(element) && !element.disabled && element.tabIndex >= 0,
  );
  return all.filter((element) => {
    if (element.type !== 'radio') {
      return true;
    }
    const group = all.filter((other) => other.type === 'radio' && other.name === element.name);
    return element === (group.find((other) => other.checked) ?? group[0]);
  });
}

/** Only for assistive technology: a pixel that is clipped away. */
function isForEarsOnly(element) {
  const { width, height } = element.getBoundingClientRect();
  return width <= 1 && height <= 1;
}

/** WCAG 2.5.8: a link within a sentence needs no size of its own. */
function isInSentence(element) {
  const around = element.parentElement?.innerText.trim() ?? '';
  return getComputedStyle(element).display === 'inline' && around.length > element.innerText.trim().length + 2;
}

/** What is pressed for it: of a tick box that is its label, too. */
function targetOf(element) {
  const own = element.getBoundingClientRect();
  const label = element.type === 'checkbox' || element.type === 'radio' ? element.labels?.[0] : undefined;
  const also = label?.getBoundingClientRect() ?? own;
  return { width: Math.max(own.width, also.width), height: Math.max(own.height, also.height) };
}

let marked = [];

globalThis.look = {
  document: () => ({
    lang: document.documentElement.lang,
    dir: document.documentElement.dir,
    title: document.title,
    headings: [...document.querySelectorAll('h1')].filter(isShown).map((each) => each.innerText),
    text: document.body.innerText,
  }),

  /** What is wider than the page, the innermost first. */
  overflow: () => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) {
      return [];
    }
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => isShown(element) && element.getBoundingClientRect().right + scrollX > clientWidth + 0.5,
    );
    const innermost = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
    return [`${scrollWidth} px of ${clientWidth}`, ...innermost.slice(0, 3).map(describe)];
  },

  unlabelled: () =>
    [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
      .filter((element) => {
        if (element.closest('[aria-hidden=true]')) {
          // For managers of passwords alone: nobody reads it, and Tab does not stop there.
          return element.tabIndex >= 0;
        }
        const labels = [...(element.labels ?? [])].map((label) => label.textContent.trim());
        const others = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean);
        const texts = [...labels, ...others.map((id) => document.getElementById(id)?.textContent ?? '')];
        return texts.join('') === '' && !element.ariaLabel;
      })
      .map(describe),

  /** Buttons and fields below `comfortable` pixels, and everything below `least`. */
  small: (least, comfortable) =>
    [...document.querySelectorAll(CONTROLS)]
      .filter(
        (element) => isShown(element) && element.tabIndex >= 0 && !isForEarsOnly(element) && !isInSentence(element),
      )
      .map((element) => ({ element, ...targetOf(element) }))
      .filter(({ element, width, height }) => {
        const needed = /^(?:button|input|select|textarea)$/.test(element.localName) ? comfortable : least;
        const isTick = element.type === 'checkbox' || element.type === 'radio';
        return Math.min(width, height) < (isTick ? least : needed);
      })
      .map(({ element, width, height }) => `${describe(element)} ${Math.round(width)}x${Math.round(height)}`),

  /** Yes and no are of one size: neither is made easier. */
  unequal: () => {
    const sizes = [...document.querySelectorAll('button[name=decision]')].map((button) => {
      const { width, height } = button.getBoundingClientRect();
      return `${Math.round(width)}x${Math.round(height)}`;
    });
    return new Set(sizes).size > 1 ? sizes : [];
  },

  /** Ids that are there twice, and what points at none. */
  references: () => {
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `#${id} twice`);
    const pointing = ['for', 'aria-describedby', 'aria-labelledby', 'aria-controls'].flatMap((name) =>
      [...document.querySelectorAll(`[${name}]`)].flatMap((element) => element.getAttribute(name).split(/\s+/)),
    );
    return [...twice, ...pointing.filter((id) => !ids.includes(id)).map((id) => `#${id} is not there`)];
  },

  /** A field that is said to be wrong tells why, in words that are shown. */
  wrongFields: () =>
    [...document.querySelectorAll('[aria-invalid=true]')].map((element) => ({
      name: element.name,
      why: (element.getAttribute('aria-describedby') ?? '')
        .split(/\s+/)
        .map((id) => document.getElementById(id)?.innerText ?? '')
        .join(' ')
        .trim(),
    })),

  /** The forms as a password manager reads them: each with its fields, in their order. */
  forms: () =>
    [...document.forms].map((form) => ({
      step: form.querySelector('[name=step]')?.value ?? '',
      disabledButtons: [...form.elements].filter((each) => each.localName === 'button' && each.disabled).length,
      reveals: [...form.querySelectorAll('button[type=button][aria-controls]')].map((each) =>
        each.getAttribute('aria-controls'),
      ),
      fields: [...form.querySelectorAll('input')].map((input) => ({
        id: input.id,
        name: input.name,
        type: input.type,
        autocomplete: input.getAttribute('autocomplete') ?? '',
        inputMode: input.inputMode,
        value: input.value,
        maxLength: input.maxLength,
        isReadOnly: input.readOnly,
        isRendered: input.getClientRects().length > 0 || input.closest('details:not([open])') !== null,
      })),
    })),

  focused: () => document.activeElement?.getAttribute('name') ?? document.activeElement?.localName,

  /** What Tab has to stop at, and the start of the page as where it goes on from. */
  beginTabbing: () => {
    marked = stops();
    const before = marked.map((element) => getComputedStyle(element).boxShadow);
    marked = marked.map((element, index) => ({ element, shadow: before[index] }));
    const start = document.createElement('span');
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus();
    start.remove();
    return marked.map(({ element }) => ({ what: describe(element), ...boxOf(element) }));
  },

  /** Where Tab has stopped, and whether that is seen. */
  stopped: () => {
    const active = document.activeElement;
    const index = marked.findIndex(({ element }) => element === active);
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(active);
    const isOutlined = outlineStyle === 'auto' || (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2);
    const isSeen = isOutlined || (index >= 0 && boxShadow !== marked[index].shadow);
    return { index, what: describe(active), isSeen: isSeen && !isForEarsOnly(active) };
  },
};
