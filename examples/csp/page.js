// `Scriptorium` is the global of the standalone bundle. Nothing here or there is inline.
Scriptorium.createEditor(document.querySelector('#page'), {
  document: 'csp',
  url: '/sync',
  user: { name: 'Ada', color: '#0d8078' },
});
