// What every view is sent: a few lines that bring its module to the page, once for all views of a kind.

export default { render: async (place) => (await bring(place.model, place.model.get("parts"))).render(place) };
