// What every view is sent: a few lines that bring the view's module to the page, once for all of them.

export default { render: async (place) => (await bring(place.model, "view")).render(place) };
