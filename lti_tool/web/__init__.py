"""Pages by audience. A view is parse → action or read → render; all works by form and link, without JavaScript."""
