/** Scopes in plain words. */
import type { Texts } from '../texts/en.ts';
import type { Icon } from './icons.ts';

export interface ScopeWords {
  readonly text: string;
  readonly icon: Icon;
}

const OF_TYPE = /^(read|write):(.+)$/;

/** Those that we have no words for are shown as they are. */
export function scopeWords({ scopes: texts }: Texts, scope: string): ScopeWords {
  const [, what, type = ''] = OF_TYPE.exec(scope) ?? [];
  if (what !== undefined) {
    return what === 'read'
      ? { text: texts.readOfType(type), icon: 'read' }
      : { text: texts.writeOfType(type), icon: 'write' };
  }
  switch (scope) {
    case 'read':
      return { text: texts.read, icon: 'read' };
    case 'write':
      return { text: texts.write, icon: 'write' };
    case 'profile.read':
      return { text: texts.profileRead, icon: 'person' };
    case 'profile.write':
      return { text: texts.profileWrite, icon: 'person' };
    default:
      return { text: scope, icon: 'check' };
  }
}
