import { askUrl, beginDevice, type RealBed, signInAs } from '../bed.ts';
import type { Visit } from '../chromium.ts';
import { type Place, step } from './place.ts';

const DEVICE = '/t/acme/device';
export const CONSENT: readonly Place[] = [
  {
    name: 'consent',
    shows: step('consent'),
    go: async (visit, bed) => {
      await signInAs(bed, visit);
      await visit.open(askUrl(bed, { scope: 'read write profile.read' }));
    },
  },
];

export const DEVICE_PLACES: readonly Place[] = [
  {
    name: 'device',
    shows: step('enter_code'),
    focus: 'user_code',
    go: toDevice,
  },
  {
    name: 'device, wrong code',
    shows: step('enter_code'),
    status: 400,
    focus: 'user_code',
    go: async (visit, bed) => {
      await toDevice(visit, bed);
      await visit.send({ user_code: 'BBBB-BBBB' });
    },
  },
  {
    name: 'device, confirm',
    shows: step('decide'),
    go: async (visit, bed) => {
      await toDevice(visit, bed);
      await visit.send({ user_code: (await beginDevice(bed)).userCode });
    },
  },
  {
    name: 'device, connected',
    shows: 'h1',
    go: (visit, bed) => visit.open(`${bed.origin}${DEVICE}?done=allowed`),
  },
  {
    name: 'device, denied',
    shows: 'h1',
    go: (visit, bed) => visit.open(`${bed.origin}${DEVICE}?done=denied`),
  },
];

async function toDevice(visit: Visit, bed: RealBed): Promise<void> {
  await signInAs(bed, visit);
  await visit.open(bed.origin + DEVICE);
}
