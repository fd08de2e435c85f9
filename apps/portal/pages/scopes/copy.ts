export const copy = {
  title: 'Scopes and plans',
  intro:
    'The tenant holds management groups, they hold subscriptions, and a subscription holds registries. Whether registries are scanned, when and for how long is set for each subscription.',
  readersCannot: 'Only a Security Admin can change scopes and plans.',
  tenantStays: 'The tenant holds all others. It can be renamed; it cannot be moved or deleted.',
  addGroup: 'Add management group',
  addSubscription: 'Add subscription',
  groupName: 'Name of the management group',
  subscriptionName: 'Name of the subscription',
  under: 'Under',
  newPlanOn:
    'Its plan is on: images in registries that come into it are scanned and charged. Its own page has the switch.',
  moveGroup:
    'Rules of the groups that it leaves no longer hold in it; those of the groups that it comes under do.',
  deleteGroup: 'It holds nothing any more, so nothing else goes with it.',
  groupHoldsSomething: 'It still holds groups or subscriptions. Move or delete those first.',
  deleteSubscription: 'Its settings go. What was charged to it stays in the ledger.',
  subscriptionHoldsSomething:
    'It still holds registries. Move them to another subscription or remove them first.',
  refused: 'It was not changed',
  noGroup: 'Without a resource group',
}
