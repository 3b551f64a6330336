/** Signs the visitor in, shows who it is, and signs out again. */
import { Login, PageStore, type SecondFactor, SymbolonError } from '@symbolon/client/web';

const { url, clientId } = (await (await fetch('/settings.json')).json()) as { url: string; clientId: string };
const form = element('sign-in', HTMLFormElement);
const button = element('sign-out', HTMLButtonElement);
let factor: SecondFactor | undefined;

const login = new Login({
  ...{ url, clientId, store: new PageStore(localStorage) },
  onEvent: (event) => {
    tell(event.type === 'signed_out' && event.reason !== 'signed_out' ? `Signed out: ${event.reason}` : '');
    return show();
  },
});

form.addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  const { name, password, code } = Object.fromEntries(new FormData(form)) as Record<string, string>;
  void trying(async () => {
    if (factor === undefined) {
      factor = await login.signInUser(name ?? '', password ?? '');
    } else {
      await factor.complete(code ?? '');
      factor = undefined;
    }
    element('second-factor', HTMLElement).hidden = factor === undefined;
  });
});
button.addEventListener('click', () => void trying(() => login.signOut()));
await trying(() => login.resumeStored());
await show();

async function show(): Promise<void> {
  form.hidden = login.signedIn;
  element('account', HTMLElement).hidden = !login.signedIn;
  if (login.signedIn) {
    await trying(async () => {
      const { displayName, loginName, userId } = await login.account.get();
      element('who', HTMLElement).textContent = `You are ${displayName || loginName || userId}`;
    });
  } else {
    form.reset();
  }
}

async function trying(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof SymbolonError)) {
      throw error;
    }
    tell(error.reason === 'INVALID_CREDENTIALS' ? 'That is not right' : error.message);
  }
}

function tell(text: string): void {
  element('told', HTMLElement).textContent = text;
}

function element<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) {
    throw new TypeError(`the page has no ${id}`);
  }
  return found;
}
