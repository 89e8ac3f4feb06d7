// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.GUID;
import static io.efirts.cli.CommandRun.rts;

import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Image files for the tests of the commands. */
final class TestImages {
  private TestImages() {}

  static Path empty(Path directory, NvLayout layout) throws IOException {
    Path path = directory.resolve("vars.fd");
    NvImage.create(path, layout).close();
    return path;
  }

  /** Three variables: Alpha for everybody, Beta for boot only, Gamma with 20 bytes. */
  static Path filled(Path directory) throws IOException {
    Path path = empty(directory, NvLayout.OVMF_4M);
    rts("vars", "set", path, "Alpha", GUID, "NV,BS,RT", "0102ff").succeeds();
    rts("vars", "set", path, "Beta", GUID, "NV,BS", "41").succeeds();
    rts("vars", "set", path, "Gamma", GUID, "7", "00".repeat(16) + "7e7f2041").succeeds();
    return path;
  }

  static Path random(Path directory, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(42).nextBytes(content);
    return Files.write(directory.resolve("random.fd"), content);
  }

  static Path constant(Path directory, int bytes, int value) throws IOException {
    byte[] content = new byte[bytes];
    Arrays.fill(content, (byte) value);
    return Files.write(directory.resolve("constant.fd"), content);
  }

  /** An empty store without its last bytes. */
  static Path truncated(Path directory, int bytes) throws IOException {
    byte[] content = Files.readAllBytes(empty(directory, NvLayout.OVMF_4M));
    return Files.write(directory.resolve("truncated.fd"), Arrays.copyOf(content, bytes));
  }

  /** A store that can be read, but whose write log is not one we know. */
  static Path withUnknownWriteLog(Path directory) throws IOException {
    Path path = filled(directory);
    byte[] content = Files.readAllBytes(path);
    content[NvLayout.OVMF_4M.workingOffset()] ^= 1;
    return Files.write(path, content);
  }
}
