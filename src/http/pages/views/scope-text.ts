/** Scopes in plain words. */
import type { Texts } from '../texts/en.ts';
import type { Icon } from './icons.ts';

export interface ScopeWords {
  /** In a few words. */
  readonly title: string;
  /** As a sentence. */
  readonly text: string;
  readonly icon: Icon;
}

const OF_TYPE = /^(read|write):(.+)$/;

/** Undefined: we have no words for it, and it is shown as it is. */
export function scopeWords({ scopes: texts }: Texts, scope: string): ScopeWords | undefined {
  const [, what, type = ''] = OF_TYPE.exec(scope) ?? [];
  if (what !== undefined) {
    return what === 'read'
      ? { ...texts.readOfType(type), icon: 'device' }
      : { ...texts.writeOfType(type), icon: 'send' };
  }
  switch (scope) {
    case 'read':
      return { ...texts.read, icon: 'read' };
    case 'write':
      return { ...texts.write, icon: 'write' };
    case 'profile.read':
      return { ...texts.profileRead, icon: 'person' };
    case 'profile.write':
      return { ...texts.profileWrite, icon: 'person' };
    default:
      return undefined;
  }
}

/** A line of text for it, whatever it is. */
export function scopeLine(texts: Texts, scope: string): string {
  return scopeWords(texts, scope)?.title ?? scope;
}
