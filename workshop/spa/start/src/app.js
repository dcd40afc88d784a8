const pages = { '/': 'Welcome.', '/about': 'One file serves both pages.' }
document.getElementById('page').textContent = pages[location.pathname] ?? 'No such page.'
