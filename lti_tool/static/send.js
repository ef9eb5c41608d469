/* Sends the page's one form as soon as it is there. Without this script its button does it. */

document.querySelector("form[data-send]").submit();
