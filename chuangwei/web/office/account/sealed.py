"""The secrets of second factors, for those who change keys: allauth keeps them, sealed, in columns of its own."""

from collections.abc import Iterable, Iterator

from allauth.mfa.models import Authenticator

SECRET = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}
"""What of `Authenticator.data` goes through `FactorAdapter.encrypt`. A passkey is a public key: nothing is sealed."""


class SealedFactors:
    def __str__(self) -> str:
        return "第二因素"

    def values(self) -> Iterable[tuple[int, str]]:
        rows = Authenticator.objects.filter(type__in=SECRET).order_by("pk").values_list("pk", "type", "data")
        return self._secrets(rows.iterator())

    @staticmethod
    def _secrets(rows: Iterator[tuple[int, str, dict[str, str]]]) -> Iterator[tuple[int, str]]:
        for pk, kind, data in rows:
            if secret := data.get(SECRET[Authenticator.Type(kind)]):
                yield pk, secret

    def replace(self, pk: int, old: str, new: str) -> bool:
        row = Authenticator.objects.select_for_update().filter(pk=pk).first()
        name = SECRET[Authenticator.Type(row.type)] if row else ""
        if row is None or row.data.get(name) != old:
            return False
        row.data[name] = new
        row.save(update_fields=["data"])
        return True


FACTORS = SealedFactors()
