"""
The codes that name a language where a file's name, or a configuration's, might say something else.

Of the 8,000 codes of ISO 639 most are also words and abbreviations that data sets are named by: mt, nli, bio, law. So
these are the languages of cross-lingual data sets (XNLI, XTREME and XTREME-R, XTREME-UP, MLQA, XQuAD, TyDi QA, MKQA,
IndicXNLI, AfriXNLI, AmericasNLI, Belebele and FLORES-200), and other large ones, without those that are such words.
Whoever has another language gives a mapping {language: path}.
"""

# Without sm (small), lg (large), mt, nn, kg, se, ...: a language of few data sets, an abbreviation of many.
TWO_LETTERS = frozenset(
    "af am ar as ay az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gn gu ha he hi hr ht hu hy id "
    "ig is it ja jv ka kk km kn ko ku ky lb lo lt lv mg mi mk ml mn mr ms my nb ne nl no ny om or pa pl ps pt qu ro ru "
    "rw sd si sk sl sn so sq sr su sv sw ta te tg th ti tk tl tr tt ug uk ur uz vi wo xh yi yo zh zu".split()
)
# Words and everyday abbreviations: at the head of a name (`my-dev.tsv`) they say nothing.
NOT_AT_THE_HEAD = frozenset("he id it ml ms my pa".split())
# Small words: they say something right beside a split only (`test-is.tsv`, not `as-is.tsv`).
BESIDE_A_SPLIT = frozenset("am as be is no or so".split())
# FLORES-200's, AfriXNLI's and AmericasNLI's, and macrolanguages (ara, zho), without FLORES-200's words.
THREE_LETTERS = frozenset(
    "acq aeb afr ajp als amh apc ara arb ars ary arz asm awa ayr azb azj bak bam bel bem ben bho bjn bod bos bul "
    "ceb ces cjk ckb crh cym dan deu dik dyu dzo ell eng epo eus ewe fao fas fij fon fra fuv gaz gla gle glg grn "
    "guj hau heb hin hne hrv hun hye ibo ilo isl ita jav jpn kab kac kam kan kas kat kaz kbp kea khk khm kik kin "
    "kir kmb kmr knc kor lao lij lin lit lmo ltg ltz lug luo lus lvs mai mal mkd mlt mni mos mya nld nno nob npi "
    "nso nus nya oci ory orm pag pbt pes plt pol por prs quy quz rus sag scn shn slk slv smo sna snd som sot spa "
    "sqi srd srp ssw swa swe swh szl tam taq tel tgk tgl tha tir tpi tsn tso tuk tum tur twi tzm uig ukr umb urd "
    "uzn vie wol xho ydd yor yue zho zsm zul aym bzd cni hch nah oto shp tar".split()
)
# These say something with a script only, as in FLORES-200 and Belebele: `ind_Latn`, not `dev-ind.tsv` (in domain).
WITH_SCRIPT = frozenset(
    "ace acm aka ast ban bug cat est fin fur hat ind lim lua mag mar min mri pan pap pes run san sat sin sun tat vec "
    "war".split()
)
