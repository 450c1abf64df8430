"""The names of fields that each database takes in a query, from the databases' own lists."""


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.lower().split("|") if name.strip())


# PubMed's help (search field tags, with their long names) and the fields that einfo lists.
PUBMED = _names(
    "ad|affiliation|affl|all|all fields|aid|article identifier|pid|publisher id|au|author|auth|auid|"
    "author identifier|author - identifier|aucl|author cluster id|book|cois|conflict of interest statement|"
    "conflict of interest statements|dcom|completion date|date - completion|cdat|cn|corporate author|"
    "author - corporate|coln|crdt|create date|date - create|rn|ec/rn number|ecno|ed|editor|edat|entry date|"
    "date - entry|entrez date|date - entrez|eid|extended pmid|filter|filt|sb|subset|1au|first author name|"
    "author - first|faut|fau|full author name|author - full|full|fir|full investigator name|investigator - full|"
    "finv|gr|grants and funding|grant number|grnt|ir|investigator|invr|isbn|ip|issue|iss|is|issn|ta|jo|jour|"
    "journal|jt|la|language|lang|lastau|last author name|author - last|laut|lid|location id|mhda|mesh date|"
    "date - mesh|majr|mesh major topic|mj|mh|mesh|mesh terms|mesh term|sh|subh|subheading|mesh subheading|"
    "mesh subheadings|lr|modification date|date - modification|mdat|jid|nlm unique id|ot|otrm|other term|own|"
    "owner|pg|page|pagination|ps|personal name as subject|pa|papx|pharmacological action|pl|cnty|"
    "place of publication|pmid|uid|dp|pdat|publication date|date - publication|pt|ptyp|publication type|pubn|"
    "publisher|si|secondary source id|nm|subs|supplementary concept|substance name|tw|word|text word|text words|"
    "ti|titl|title|tiab|title/abstract|tt|transliterated title|vi|vol|volume|ppdt|print publication date|epdt|"
    "electronic publication date|ab|abstract|pmc|pmcid|mid|stat|status"
)

# Elsevier's Scopus search guide and its list of field codes.
SCOPUS = _names(
    "abs|af-id|affil|affilcity|affilcountry|affilorg|all|allname|artnum|au-id|authcollab|authfirst|authkey|"
    "authlastname|authlastfirst|author-name|auth|casregnumber|chem|chemname|coden|conf|confcode|confloc|confname|"
    "confsponsors|doctype|doi|edfirst|editor|edlastname|eid|eissn|exactkeyword|exactsrctitle|exact-srctitle|"
    "exclude|firstauth|fund-acr|fund-all|fund-no|fund-sponsor|indexterms|isbn|issn|issnp|issue|key|keywords|"
    "language|limit-to|load-date|manufacturer|openaccess|orcid|orig-load-date|pagefirst|pagelast|pages|pmid|"
    "prefnameauid|pubdatetxt|pubstage|publisher|pubyear|recentf|ref|refartnum|refauth|refpage|refpagefirst|"
    "refpubyear|refsrctitle|reftitle|restricttype|seqbank|seqnumber|src-id|srcid|srctitle|srctype|subjarea|"
    "subjmain|subjterms|title|title-abs|title-abs-key|title-abs-key-auth|tradename|tradenames|volume|website"
)

# Clarivate's field tags of the Core Collection.
WOS = _names(
    "ab|ad|ai|ak|all|als|au|cf|ci|cu|dd|do|dop|dt|ed|fd|fg|fo|ft|fpy|gp|is|kp|la|og|oo|pmid|ps|publ|puby|py|sa|"
    "sdg|sg|so|su|ti|tmac|tmic|tmso|ts|ut|wc|zp|soi|lc|mhx|mh|mj|edn|ic"
)

# Embase.com's field labels.
EMBASE = _names(
    "ab|abn|ad|af|an|au|aid|ca|cl|cn|cy|dc|de|df|dm|dn|do|doi|dtype|dv|ea|em|exp|ff|id|is|ib|it|jt|kw|la|lc|lnk|"
    "mj|mn|nc|oa|oc|ok|ot|pd|pg|pii|pt|py|rn|sd|si|sp|ta|ti|tn|tt|ui|vi|yr|lim|br|cd|cb|ct|dl|dt|mv|ad_mv|de_mv|"
    "dru|dis|dev|sh|rtype|ndc|tb"
)

# The fields of Europe PMC's search syntax reference.
EUROPE_PMC = _names(
    "abbr|abstract|accession_id|accession_type|ack_fund|aff|ai|annotation_provider|annotation_type|appendix|auth|"
    "auth_con|auth_first|auth_last|auth_man|auth_man_id|author_roles|authorid|authorid_type|body|book_id|case|"
    "chem|cites|chebipubs|chebiterm|citation_count|comp_int|concl|country|creation_date|date_of_creation|"
    "date_of_revision|discuss|disease|disease_id|doi|e_pdate|ecountry|ed|eissn|embargo_date|embl_pubs|"
    "epmc_auth_man|essn|ext_id|fig|first_idate|first_idate_d|first_pdate|ft_cdate|ft_id|funder_initiative|"
    "gene_protein|go_id|goterm|grant_agency|grant_agency_id|grant_id|has_abstract|has_arxpr|has_book|has_chebi|"
    "has_chembl|has_crossreferences|has_data|has_doi|has_embl|has_free_fulltext|has_ft|has_fulltext|"
    "has_fulltextdata|has_intact|has_interpro|has_labslinks|has_omim|has_patent|has_pdb|has_pdf|has_ppr|"
    "has_preprint|has_published_version|has_reflist|has_suppl|has_textmined_terms|has_tm|has_uniprot|"
    "has_version_evaluations|has_xrefs|has_crystal|has_pride|in_epmc|in_pmc|in_ukpmc|index_date|inpmc|inv|"
    "investigator|intro|isbn|issn|issue|journal|keyword|kw|lang|license|labs_pubs|manuscript_id|mesh|methods|"
    "meth|nlm_id|omim_pubs|open_access|organism|organism_id|other|p_pdate|page_info|pdate|pmcid|pmid|ppr_type|"
    "pub_type|pub_year|publisher|protein_id|re_data|ref|reffed_by|references|resource_name|results|sc|"
    "section_type|sent_content|sb|src|subset|suppl|table|tag|title|title_abs|tpmc|update_date|uniprot_pubs|"
    "up_isr|vol|volume|snp|textmined_terms|supporting_data|pprid"
)

# EBSCOhost's codes in CINAHL, PsycInfo and others; each database has more of its own.
EBSCO = _names(
    "ab|af|an|au|bt|ca|cc|cn|cy|de|do|dt|em|en|ex|fn|gn|ib|id|ii|im|ip|is|it|jn|kw|la|lx|md|mh|mj|mm|mw|nt|pb|pd|"
    "pg|pi|pt|pu|py|pz|rf|rl|sb|sf|si|so|su|ti|tp|tt|tx|ui|vi|zc|zd|ze|zg|zi|zj|zl|zp|zq|zr|zt|zu|zw|zx|zy|zz|xb|"
    "tm|tc"
)

# Ovid's fields in MEDLINE, Embase and PsycInfo.
OVID = _names(
    "ab|ac|ad|af|an|ar|as|at|au|bs|bt|ca|cc|cd|ci|cm|cn|co|cp|cr|ct|cw|cy|da|dc|de|dd|di|dl|dm|do|dp|dq|dt|du|dv|"
    "ec|ed|em|ep|ez|fs|fx|gm|gw|hc|hw|ib|id|il|in|ip|ir|is|it|ja|jc|jn|jw|kf|kp|kw|la|lg|lm|lw|md|mf|mh|mo|mp|ms|"
    "my|nj|nm|nw|ob|on|os|ot|ox|pb|pc|pg|ph|pj|pk|pm|pn|po|pp|ps|pt|pu|px|py|rb|re|rf|rn|ro|rp|rs|rv|rw|rx|ry|sa|"
    "sb|sh|si|so|sl|sp|st|su|sy|tc|ti|tn|tm|tt|tw|tx|ua|ui|up|vi|vo|xs|yr|mv|ds|dj|dy|fa"
)
