"""
What AllenNLP 2.10.1 misses in today's packages: imported just before AllenNLP is, by `xlamaml_allennlp_hook.py`.

Nothing of AllenNLP is changed on disk, and nothing is imported that AllenNLP would not: `table.py` names each mend and
the module at whose import it acts.
"""

from xlamaml_allennlp.upstream import releases, table

releases.check()
table.register()
