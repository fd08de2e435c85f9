export const copy = {
  title: 'Sign in',
  invitationTitle: 'Set up your account',
  setupTitle: 'Set up the first administrator',
  invitationText: 'This one-time link makes an account for you. It works once.',
  setupText: 'This one-time link makes the first account, a Security Admin. It works once.',
  setupNeeded:
    'Nobody has an account yet. Plimsoll printed a one-time link when it started; open it to set up the first administrator.',
  password: 'At least 12 characters.',
  demonstration: 'Look at the demonstration',
  demonstrationText: 'Offered only on this computer, and only until the first account is set up.',
  wrong: 'No account has this e-mail address and password.',
  tooMany: 'Too many attempts. Wait a minute and try again.',
  noAnswer: 'The server did not answer. Check that it runs and that this computer reaches it.',
  failed: 'The server could not sign you in. Its log says why.',
}
