"""What is kept of queries (`ormcache`), in a server with several threads."""


def clear_caches(env):
    """Forget what is kept, and once more after the commit.

    In between another thread of this server may ask, and keep what this transaction changes as it
    was before; Odoo tells the other servers only.
    """
    env.registry.clear_cache()
    env.cr.postcommit.add(env.registry.clear_cache)
