/**
 * Countries and continents, in the words of our labels.
 *
 * @module
 */

/** Values of the label `tgp.io/continent`; `me` is the Middle East, which clouds list by itself. */
export type Continent = "na" | "sa" | "eu" | "as" | "me" | "af" | "oc";

/**
 * ISO 3166-1 alpha-2 codes, lower case. All with people, since marketplaces rent out machines from anywhere;
 * a country on two continents counts where most of its people live.
 */
const countries: Readonly<Record<Continent, string>> = {
  na:
    "ag ai aw bb bl bm bq bs bz ca cr cu cw dm do gd gl gp gt hn ht jm kn ky lc mf mq ms mx ni pa pm pr sv sx tc tt um us vc vg vi",
  sa: "ar bo br cl co ec fk gf gs gy pe py sr uy ve",
  eu:
    "ad al at ax ba be bg by ch cy cz de dk ee es fi fo fr gb gg gi gr hr hu ie im is it je li lt lu lv mc md me mk mt nl no pl pt ro rs ru se si sj sk sm ua va xk",
  as:
    "af am az bd bn bt cc cn cx ge hk id in io jp kg kh kp kr kz la lk mm mn mo mv my np ph pk sg th tj tl tm tw uz vn",
  me: "ae bh il iq ir jo kw lb om ps qa sa sy tr ye",
  af:
    "ao bf bi bj bw cd cf cg ci cm cv dj dz eg eh er et ga gh gm gn gq gw ke km lr ls ly ma mg ml mr mu mw mz na ne ng re rw sc sd sh sl sn so ss st sz td tf tg tn tz ug yt za zm zw",
  oc: "as au ck fj fm gu hm ki mh mp nc nf nr nu nz pf pg pn pw sb tk to tv vu wf ws",
};

const continentByCountry: ReadonlyMap<string, Continent> = new Map(
  (["na", "sa", "eu", "as", "me", "af", "oc"] as const).flatMap((continent) =>
    countries[continent].split(" ").map((country) => [country, continent] as const)
  ),
);

/** The continent of a country; `undefined` for what is no country, and for Antarctica. */
export function continentOf(country: string): Continent | undefined {
  return continentByCountry.get(country);
}
