"""Many runs at once: what a study asks for, what is done of it, and doing the rest."""
