"""docs/ as a site: what is generated from the code (components, configs, commands), and pages from outside of docs/."""
