import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError


def test_a_short_password_is_refused_in_chinese_only():
    with pytest.raises(ValidationError) as refused:
        validate_password("abc")
    assert refused.value.messages[0] == "密码至少须有 10 个字符。"
    assert not any(letter.isascii() and letter.isalpha() for text in refused.value.messages for letter in text)


def test_a_long_password_is_taken():
    validate_password("huan-jing-wei-sheng")
    assert "密码至少须有 10 个字符。" in password_validators_help_texts()
