export const copy = {
  title: 'Clusters',
  intro:
    'Plimsoll lists the pods of a Kubernetes cluster to learn which images run. It reads only, and changes nothing there.',
  none: 'No cluster is connected',
  noneText:
    'Start Plimsoll with --kubernetes. It reads the kubeconfig, its current context or the one that is named, and needs leave to list pods, nothing more.',
  command: 'npm start -- --kubernetes',
  notYet: 'Not listed yet',
  listed: 'Listed',
}
