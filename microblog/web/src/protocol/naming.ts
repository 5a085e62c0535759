// Two words that stand for a stream where its name must not (PROTOCOL.md 7.7).
//
// The lists were read through: colours, cloth, weather, trees, birds, stones, tools. No word is common
// as a name, says anything of a child or a home, warns by its colour, or sounds like another.

import { hashLabelled } from "./primitives.ts";

const ADJECTIVES =
  "acrylic aerial airy alloy alpine angled angora antique apricot aqua arctic atomic " +
  "austral azure bamboo banded baroque beaded beige boreal botanic brambly breezy briny " +
  "brisk brocade bronze brushed bubbly budding buttery calico canvas caramel central " +
  "ceramic charted cheery chevron chiming choral chrome citron classic clear cloudy coastal " +
  "cobalt cobbled conical cosmic cotton creamy crested crinkly crisp crunchy cubic cuboid " +
  "curved damask dappled denim digital domed doric dotted downy earthy eastern echoing " +
  "elastic enamel etched ferny festive finned fizzy flannel flecked fleecy floral fluffy " +
  "flying foggy fringed frosty frothy gated gilded gingham gliding glossy glowing golden " +
  "grand granite grassy grooved gusty harvest hedged helical hessian hilltop honeyed hooped " +
  "humming idyllic inner ionic iron khaki kinetic knitted lacquer lamplit layered leafy " +
  "lemon lilac linen lofty lowland lucent lunar lyric magenta marble marine marshy mauve " +
  "mellow melodic mineral minty modern modular mohair moonlit mossy mustard nickel noble " +
  "oaken oblique oblong oceanic ochre optic orange organic organza ornate outdoor oval " +
  "painted paper pastel paved pearly peaty pewter pink pinto planted pleated plum plywood " +
  "purple quartz quilted radial radiant rainy rattan regal ringing rippled rising rolling " +
  "round rural russet rustic sailing satin scenic seaside seaward sepia shiny showery " +
  "sifted silken silty silver skyward slate snowy snug soaring solar solid sparkly square " +
  "starlit starry stately steady stellar stucco sturdy sugary summery sunlit swirly taffeta " +
  "tangy tartan taupe tawny teal tented tidal tiled timber topaz tropic tubular tufted " +
  "tuneful tweed twinkly upland upper vaulted velvet vernal vintage vinyl vivid wavy waxed " +
  "webbed western wicker winding windy wintry wooden woolly woven zesty zigzag zinc";
const NOUNS =
  "abacus acorn agate alder almanac almond alpaca anchor anorak anvil apple atlas avocet " +
  "axle ballad banjo banyan baobab barge barley basket beacon beech begonia belfry biscuit " +
  "bison bobbin bonnet bracken bream bugle button camel canal canoe canyon cashew castle " +
  "cavern cedar cello cheddar chimney chutney cirrus coffee comet compass condor cornet " +
  "cove cowslip creek cricket crocus curlew cypress damson delta dipper dolphin domino " +
  "dunlin eagle easel eclipse egret engine equinox falcon feather fennel flint flute " +
  "foundry fresco galaxy galleon gazelle gecko giraffe glacier glade globe goblet gondola " +
  "gorse granary grebe guitar gull halibut harbour harp heron hexagon hickory hillock " +
  "hoopoe ibis icicle iguana island jackdaw jigsaw kayak kestrel koala ladle lagoon lake " +
  "lantern lapwing larch lathe lemur lichen linnet lintel llama lobster lotus lupin magpie " +
  "mallard maple marquee meteor minuet monsoon mosaic nebula nimbus nutmeg oasis oatcake " +
  "oboe octagon onyx orbit orchard orchid oregano osprey otter oyster paddock palace " +
  "palette panda papyrus parasol parrot parsley parsnip pastry pasture pear pebble pecan " +
  "pelican pencil penguin pennant perch petrel piano piccolo pigeon pillar planet plateau " +
  "platter plover poncho primula prism puffin pulley pumice pyramid quince rabbit radish " +
  "rafter rainbow ravine redwing reef ribbon rocket rudder satchel saucer sedge sesame " +
  "sextant shore shuttle siskin skittle skylark snorkel sonata sorbet sorrel sparrow " +
  "spinach spindle spruce steeple stencil stoat stylus summit sundial sunrise tarn tassel " +
  "teapot tench thicket thimble thistle timpani toucan trellis tripod trophy trowel trumpet " +
  "tugboat tulip tunnel turbine turbot turnip turtle violin volcano vole wagon wagtail " +
  "walnut waltz warbler waxwing wetland wharf wheat winch yacht yarrow zebra zenith";

/**
 * Return the two words of a stream, made of its id; about one stream in 65,536 has the same.
 *
 * They name nothing and hide nothing: whoever knows the id has them, and so has the server.
 */
export function twoWords(log: Uint8Array): string {
  const [first = 0, second = 0] = hashLabelled("msb/1/words", log);
  return `${ADJECTIVES.split(" ")[first]} ${NOUNS.split(" ")[second]}`;
}
