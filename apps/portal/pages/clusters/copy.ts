export const copy = {
  title: 'Clusters',
  intro:
    'Plimsoll lists the pods of a Kubernetes cluster to learn which images run. It reads only, and changes nothing there.',
  none: 'No cluster is connected',
  noneText:
    'Start Plimsoll with the file that tells how to reach a cluster. It needs leave to list pods, nothing more.',
  command: 'npm start -- --kubeconfig FILE',
  notYet: 'Not listed yet',
  listed: 'Listed',
}
