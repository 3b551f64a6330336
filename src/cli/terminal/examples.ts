/** Examples of help, by command; a test holds that each is one that the command takes. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  'symbolon init': ['symbolon init --data-dir /var/lib/symbolon'],
  'symbolon tenant create': ['symbolon tenant create demo --display-name "Demo"'],
  'symbolon client create': [
    'symbolon client create --tenant demo --id demo-api --role introspect',
    'symbolon client create --tenant demo --public --scope profile',
  ],
  'symbolon user create': [
    'symbolon user create --tenant demo --login-name alice',
    'symbolon user create --tenant demo --email alice@example.com --email-verified --password-stdin < password.txt',
  ],
  'symbolon user unlock': [
    'symbolon user unlock alice --tenant demo',
    'symbolon user unlock email:alice@example.com --tenant demo',
  ],
  'symbolon token introspect': ['symbolon token introspect - < token.txt'],
  'symbolon token revoke': ['symbolon token revoke fm_0123456789abcdefghijklmn --tenant demo'],
  'symbolon audit list': ['symbolon audit list --tenant demo --json | jq -r .action'],
  'symbolon store backup': ['symbolon store backup --to /backup/symbolon-2026-01-31.db'],
};
