// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.GUID;
import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PstoreListCommandTest {
  @TempDir private Path directory;

  @Test
  void dumpsAreListedOldestFirstAndTheirPartsByNumber() throws IOException {
    CrashImage image =
        CrashImage.in(directory)
            .with("dump-type0-2-1-1795198944-D", "12345")
            .with("dump-type0-1-1-1795198943-C", "123")
            .with("dump-type0-10-7-86400", "1")
            .with("dump-type0-11-86401", "1")
            .with("dump-type1-1-9223372036854775807", "1");

    assertEquals(
        """
        DUMP   TYPE  COUNT  PART               WRITTEN  COMPRESSED  SIZE                    ID
           1  dmesg      7    10  1970-01-02T00:00:00Z          no     1            8640010007
           2  dmesg      0    11  1970-01-02T00:00:01Z          no     1            8640111000
           3  dmesg      1     1  2026-11-20T18:22:23Z         yes     3       179519894301001
           3  dmesg      1     2  2026-11-20T18:22:24Z          no     5       179519894402001
           4    mce      0     1  @9223372036854775807          no     1  18446744073709452616
        """
            .lines()
            .toList(),
        rts("pstore", "list", image.path()).succeeds().lines());
  }

  @Test
  void jsonHasUnsignedIds() throws IOException {
    CrashImage image = CrashImage.in(directory).with("dump-type1-1-9223372036854775807", "12");
    JsonObject record =
        rts("pstore", "list", "--json", image.path())
            .succeeds()
            .json()
            .getAsJsonArray()
            .get(0)
            .getAsJsonObject();

    assertEquals("18446744073709452616", record.get("id").getAsString());
    assertEquals(1, record.get("type").getAsInt());
    assertEquals(1, record.get("part").getAsInt());
    assertEquals(0, record.get("count").getAsInt());
    assertEquals(Long.MAX_VALUE, record.get("timestamp").getAsLong());
    assertEquals(2, record.get("size").getAsInt());
    assertEquals(7, record.size());
  }

  @Test
  void aStoreWithoutRecordsIsAnEmptyList() throws IOException {
    Path image = TestImages.filled(directory);

    assertEquals("[]", rts("pstore", "list", image, "--json").succeeds().out().strip());
    assertEquals(1, rts("pstore", "list", image).succeeds().lines().size());
  }

  /** I-19: what is no record hides none. */
  @Test
  void whatIsNoRecordIsNamedOnStandardError() throws IOException {
    CrashImage image =
        CrashImage.in(directory)
            .with("dump-type0-1-1-1000-X", "1")
            .with("dump-type0-2-1-1000-D", "1")
            .with("\u001b[31m", "1");
    rts("vars", "set", image.path(), "dump-type0-3-1-1000-D", GUID, "7", "00").succeeds();

    CommandRun run = rts("pstore", "list", image.path());

    assertEquals(0, run.exitCode());
    assertEquals(2, run.lines().size());
    assertEquals(
        List.of(
            "rts: passed over \"dump-type0-1-1-1000-X\": its name is not that of a crash record",
            "rts: passed over \"\\u001b[31m\": its name is not that of a crash record"),
        run.err().lines().toList());
  }

  @Test
  void ifNothingCanBeReadThatIsAnError() throws IOException {
    CrashImage image = CrashImage.in(directory).with("nonsense", "1");

    CommandRun run = rts("pstore", "list", image.path(), "--json");

    assertEquals(2, run.exitCode());
    assertEquals("", run.out());
    assertEquals("rts: no crash record could be read", run.err().lines().toList().getLast());
    assertEquals(2, run.err().lines().count());
  }

  @Test
  void aRecordThatOnlyBootServicesSeeIsNotListed() throws IOException {
    Path image = TestImages.empty(directory, NvLayout.OVMF_4M);
    rts(
            "vars",
            "set",
            image,
            "dump-type0-1-1-1000-D",
            "cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0",
            "NV,BS",
            "00")
        .succeeds();

    assertTrue(rts("pstore", "list", image, "--json").succeeds().json().getAsJsonArray().isEmpty());
  }
}
