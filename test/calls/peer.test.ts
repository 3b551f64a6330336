import { describe, expect, it } from 'vitest';
import { addressOf, peerAddress } from '../../src/calls/peer.ts';

describe('the address that failed logins are counted by', () => {
  it.each(['127.0.0.1', '127.9.8.7', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1', undefined])(
    'is none for this machine itself: %s',
    (peer) => {
      expect(peerAddress(peer)).toBeUndefined();
    },
  );

  it.each([
    ['10.0.0.7', '10.0.0.7'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:DB8:0:0:ffff:1:2:3', '2001:db8:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1:2', '0:0:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['12.7.0.1', '12.7.0.1'],
  ])('of %s is %s', (peer, address) => {
    expect(peerAddress(peer)).toBe(address);
  });
});

describe('the address of a peer of gRPC', () => {
  it.each([
    ['10.0.0.7:41234', '10.0.0.7'],
    ['[2001:db8::1]:41234', '2001:db8::1'],
    ['unknown', ''],
  ])('of %s is %s', (peer, address) => {
    expect(addressOf(peer)).toBe(address);
  });
});
