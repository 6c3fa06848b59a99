"""Tables for LaTeX and Markdown."""

from xlamaml_allennlp.reports.table import Cell, Table, as_latex, as_markdown, named, number

TABLE = Table(
    "t",
    "A & B_1",
    "50 % of $x$",
    ["", "hi|sw", "de→hi"],
    [
        [named("a_b {c}"), Cell("65.9 ± 0.3", 65.9, "*†"), number(None)],
        [named("<b>|*"), number(0.0), number(-1.25, "{:+.2f}")],
    ],
    frozenset({1}),
)


def test_latex_has_booktabs_and_no_character_that_means_something_to_it():
    assert as_latex(TABLE).splitlines() == [
        "% needs \\usepackage{booktabs}",
        "\\begin{table}",
        "\\centering",
        r"\caption{A \& B\_1. 50 \% of \$x\$}",
        "\\begin{tabular}{lrr}",
        "\\toprule",
        r" & hi|sw & de$\rightarrow$hi \\",
        "\\midrule",
        r"a\_b \{c\} & 65.9 $\pm$ 0.3$^{*}$$^{\dagger}$ & -- \\",
        "\\midrule",
        r"\textless{}b\textgreater{}|$^{*}$ & 0.0 & -1.25 \\",
        "\\bottomrule",
        "\\end{tabular}",
        "\\end{table}",
    ]


def test_markdown_keeps_pipes_stars_and_tags_as_text():
    assert as_markdown(TABLE).splitlines() == [
        "**A & B\\_1**",
        "",
        "|  | hi\\|sw | de→hi |",
        "|---|---:|---:|",
        "| a\\_b {c} | 65.9 ± 0.3\\*† | – |",
        "| \\<b>\\|\\* | 0.0 | -1.25 |",
        "",
        "50 % of $x$",
    ]


def test_what_is_missing_is_a_dash_and_never_a_zero():
    assert (number(None).text, number(0.0).text) == ("–", "0.0")
    assert number(None).value is None
