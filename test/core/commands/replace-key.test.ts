import { expect, it } from 'vitest';
import { type ReplaceKey, replaceKey } from '../../../src/core/commands/replace-key.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import type { TagKey, TagKeyState } from '../../../src/core/tables/keys.ts';
import { NOW } from './rows.ts';

const tagKey = (keyId: string, state: TagKeyState): TagKey => ({ keyId, box: Uint8Array.of(1), state, since: NOW });
const TAG_KEYS = [tagKey('0', 'lost'), tagKey('1', 'untrusted'), tagKey('2', 'minting'), tagKey('3', 'minting')];
const COMMAND: ReplaceKey = {
  kind: 'replace_key',
  fingerprint: digestOf('the new key'),
  boxes: [],
  factors: [],
  leaked: false,
};
const box = Uint8Array.of(2);

it.each<[string, Partial<ReplaceKey>, object[]]>([
  ['are lost when none could be opened', {}, [{ state: 'lost' }, { state: 'lost' }]],
  [
    'are kept when they were sealed anew',
    {
      boxes: [
        { keyId: '2', box },
        { keyId: '3', box },
      ],
    },
    [{ box }, { box }],
  ],
  ['are lost and kept, each for itself', { boxes: [{ keyId: '3', box }] }, [{ state: 'lost' }, { box }]],
  [
    'prove nothing after a leak, sealed anew or not',
    { leaked: true, boxes: [{ keyId: '2', box }] },
    [{ state: 'untrusted' }, { state: 'untrusted' }],
  ],
])('keys that mint %s; no other changes', (_, fields, expected) => {
  const { changes } = replaceKey.decide({ tagKeys: TAG_KEYS }, { ...COMMAND, ...fields }, NOW);
  const [bound, ...keys] = changes;
  expect(bound).toMatchObject({ change: 'put', row: { id: 1, fingerprint: COMMAND.fingerprint } });
  expect(keys).toMatchObject(['2', '3'].map((keyId, i) => ({ where: { keyId }, fields: expected[i] })));
});
