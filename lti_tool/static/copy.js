// A value to be copied is selected whole when somebody comes to it; everything also works by hand.
for (const field of document.querySelectorAll('[data-copy]')) field.addEventListener('focus', () => field.select())
