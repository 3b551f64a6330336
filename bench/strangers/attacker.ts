/** The process of a stranger: `attacker.ts NAME TARGET`, the target as JSON. */
import { attack, type Target } from './attacks.ts';

const [name = '', target = ''] = process.argv.slice(2);
await attack(name, JSON.parse(target) as Target);
