"""What an archive (model.tar.gz) may hold, whoever wrote it: members, checksums, and what its config may build."""

from xlamaml_allennlp.archives import components

components.build_only_registered()
