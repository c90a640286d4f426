/* Draws the table a map names: every row with a place becomes a mark, or a shape where the ground has
   one for it. The table stays the keyboard's and the screen reader's way. */
"use strict";
(() => {
  const RADII = [3, 5, 7, 9];
  const MAINLAND = [[-5.1, -81.2], [1.5, -75.1]];
  const WORLD = [[-60, -130], [60, 60]];
  /* islands too far out for the view of the mainland have a small map of their own within it */
  const ISLANDS = { name: "Galápagos", bounds: [[-1.45, -91.8], [0.75, -89.1]] };
  const onIslands = ([lat, lon]) => lat > -3 && lat < 3 && lon > -93 && lon < -88;

  const rowsOf = (table) => [...table.querySelectorAll("tr[data-at]")].map((row) => ({
    id: row.dataset.id,
    at: row.dataset.at.split(",").map(Number),
    step: Number(row.dataset.step || 0),
    number: row.dataset.number,
    link: row.querySelector("a"),
    told: [...row.children].slice(0, 3).map((cell) => cell.textContent.trim()).join(" · "),
  }));

  const spoken = (text) => Object.assign(document.createElement("span"), { textContent: text });

  const reach = (rows) => {
    const inside = rows.filter(({ at: [lat, lon] }) => onIslands([lat, lon]) || (lat > -5.5 && lat < 2 && lon > -82 && lon < -75));
    if (inside.length > 20 || (inside.length === rows.length && rows.length)) return MAINLAND;
    return rows.length ? L.latLngBounds(rows.map((row) => row.at)).pad(0.2) : WORLD;
  };

  /* the same rows from the open data service, where the page has too many for one table */
  const stepOf = (frame, value) => frame.dataset.steps.split(",").filter((start) => value >= Number(start)).length;
  const fetched = async (frame, address) => {
    const answer = await fetch(address).then((got) => got.json()).catch(() => ({ features: [] }));
    return answer.features.filter(({ geometry }) => geometry).map(({ id, geometry, properties }) => {
      const value = properties[frame.dataset.measure];
      const figure = value === null ? "?" : value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
      return {
        id,
        at: [geometry.coordinates[1], geometry.coordinates[0]],
        value,
        step: value === null ? 0 : stepOf(frame, value),
        link: { href: frame.dataset.place.replace("ID", encodeURIComponent(id)) },
        told: `${properties["territory.name"]} · ${figure}`,
      };
    });
  };

  /* steps that part the places in four: figures that lie close together are still told apart */
  const quarters = (frame, rows, shades) => {
    const values = rows.map((row) => row.value).filter((value) => typeof value === "number").sort((one, other) => one - other);
    const cuts = [0.25, 0.5, 0.75].map((part) => Math.round(10 * values[Math.floor(part * values.length)]) / 10);
    if (!(cuts[0] < cuts[1] && cuts[1] < cuts[2])) return;
    frame.dataset.steps = cuts.join(",");
    for (const row of [...rows, ...shades]) row.step = typeof row.value === "number" ? stepOf(frame, row.value) : 0;
    const legend = document.querySelector("[data-legend]");
    const told = cuts.map((cut) => cut.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }));
    const words = [legend.dataset.below.replace("{n}", told[0]), `${told[0]} – ${told[1]}`, `${told[1]} – ${told[2]}`, legend.dataset.more.replace("{n}", told[2])];
    legend.querySelectorAll("[data-range]").forEach((part, index) => { part.textContent = words[index]; });
  };

  const draw = async (frame) => {
    frame.classList.add("drawn");
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", frame.dataset.label);
    const map = L.map(frame, { zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, maxZoom: 12, minZoom: 2 });
    L.control.zoom({ zoomInTitle: frame.dataset.zoomIn, zoomOutTitle: frame.dataset.zoomOut }).addTo(map);
    map.fitBounds(MAINLAND);
    if (frame.dataset.tiles) L.tileLayer(frame.dataset.tiles).addTo(map);
    const [ground, rows, shades] = await Promise.all([
      fetch(frame.dataset.base).then((answer) => answer.json()).catch(() => null),
      frame.dataset.map ? rowsOf(document.getElementById(frame.dataset.map)) : fetched(frame, frame.dataset.points),
      frame.dataset.shades ? fetched(frame, frame.dataset.shades) : [],
    ]);
    if (frame.dataset.quarters) quarters(frame, rows, shades);
    map.fitBounds(frame.dataset.line ? L.latLngBounds(rows.map((row) => row.at)).pad(0.25) : reach(rows), { maxZoom: 9 });
    const byId = new Map(rows.map((row) => [row.id, row]));
    const shadeOf = new Map(shades.map((row) => [row.id, row]));
    const dress = (layer, row) => {
      layer.bindTooltip(spoken(row.told));
      layer.on("click", () => { location.assign(row.link.href); });
    };
    /* a canton lies upon its province, not under it */
    ground?.features.sort((one, other) => byId.has(one.id) - byId.has(other.id));
    const paint = (sheet, rows, within = null) => {
      const shaped = new Set();
      if (ground) L.geoJSON(ground, {
        filter: (feature) => !within || L.geoJSON(feature).getBounds().intersects(within),
        style: ({ id }) => {
          if (byId.has(id) && !frame.dataset.line) return { className: `${shades.length ? "s" : "c"}${byId.get(id).step}` };
          return { className: shadeOf.has(id) ? `s${shadeOf.get(id).step}` : "ground" };
        },
        interactive: true,
        onEachFeature: (feature, layer) => {
          const row = byId.get(feature.id);
          if (row && !frame.dataset.line) { shaped.add(row.id); dress(layer, row); }
          else {
            layer.on("click", () => sheet.fitBounds(layer.getBounds()));
            if (shadeOf.has(feature.id)) layer.bindTooltip(spoken(shadeOf.get(feature.id).told), { sticky: true });
          }
        },
      }).addTo(sheet);
      const order = rows.filter((row) => row.link && !shaped.has(row.id)).sort((one, other) => one.step - other.step);
      for (const row of order) {
        if (row.number) {
          const icon = L.divIcon({ className: "stop", iconSize: [26, 26], html: spoken(row.number) });
          dress(L.marker(row.at, { icon, keyboard: false, riseOnHover: true }).addTo(sheet), row);
          continue;
        }
        dress(L.circleMarker(row.at, { radius: RADII[row.step] * (frame.clientWidth < 500 ? 0.7 : 1), className: `c${row.step}`, weight: 1.5 }).addTo(sheet), row);
      }
    };
    /* a route: the way between the rows, and numbers in place of sizes */
    if (frame.dataset.line) {
      L.polyline(rows.map((row) => row.at), { className: "leg", interactive: false }).addTo(map);
    }
    paint(map, rows);
    if (!frame.dataset.line && rows.some((row) => onIslands(row.at)) && !map.getBounds().contains(ISLANDS.bounds)) {
      const box = L.DomUtil.create("div", "inset", frame);
      L.DomEvent.disableClickPropagation(box);
      const still = { zoomControl: false, attributionControl: false, dragging: false, scrollWheelZoom: false, doubleClickZoom: false, boxZoom: false, keyboard: false, touchZoom: false, zoomSnap: 0 };
      const islands = L.map(box, still).fitBounds(ISLANDS.bounds);
      paint(islands, rows.filter((row) => onIslands(row.at)), ISLANDS.bounds);
      box.append(Object.assign(spoken(ISLANDS.name), { className: "inset-name" }));
    }
  };

  for (const frame of document.querySelectorAll(".map-frame")) {
    if (window.L) draw(frame);
  }
})();
