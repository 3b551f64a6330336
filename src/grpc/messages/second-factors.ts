/** The messages about second factors. */
import type { SecondFactor as SecondFactorMessage } from '../../../gen/ts/symbolon/v1/token_service.ts';
import type { GivenFactor } from '../../core/operations/prove-second-factor.ts';
import { missing } from './fields.ts';

export function parseFactor(factor: SecondFactorMessage['factor']): GivenFactor {
  if (factor === undefined) {
    throw missing('factor');
  }
  return { by: factor.$case === 'totpCode' ? 'totp' : 'recovery_code', code: factor.value };
}
