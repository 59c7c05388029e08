import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize("port", ["-1", "65536", "99999", "八千"])
def test_a_port_that_is_none_is_wrong_usage(port: str):
    with pytest.raises(CommandError, match="不合要求，端口须在 0 至 65535 之间"):
        call_command("serve", f"--port={port}")
