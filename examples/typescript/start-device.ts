/** Runs the lamp twice, as it would be switched on, beside a server of with-demo.ts. */
import { Program } from './program.ts';

using lamp = new Program('lamp.ts', ['client']);
const { grpc: address, tenant_id: clientId, user, admin } = lamp.demo;
const { Client, Login } = await import('@symbolon/client');
const { TenantPolicy } = await import('@symbolon/client/v1/tenant_service');
using operator = new Client({ address, clientId: admin.client_id, clientSecret: admin.client_secret });
// So that devices may be made by anybody's app.
const policy = TenantPolicy.fromPartial({ selfRegistration: true });
await operator.tenants.updateTenant({ policy, updateMask: ['policy.self_registration'] });
using owner = new Login({ address, clientId });
await owner.signInUser(user.login_name, user.password);
const built = { LAMP_PASSWORD: 'what this lamp was built with' };
lamp.run([], { ...built, OWNER_TOKEN: await owner.token() });
lamp.run([], built);
