// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** OVMF images after real crashes, and the files Linux showed of the crash records in them. */
final class RecordedPanic {
  static final String COMPRESSED = "vars-linux-panic";
  static final String PLAIN = "vars-linux-panic-nocomp";

  /** Not after a panic: its machine was killed inside SetVariable. */
  static final String TORN = "vars-torn-x64-0";

  private static final String FOLDER = "/io/efirts/firmware/images/";

  private RecordedPanic() {}

  static Path image(Path directory, String name) throws IOException {
    Path image = directory.resolve(name + ".fd");
    try (InputStream in = open(name + ".fd.xz")) {
      Files.copy(in, image);
    }
    return image;
  }

  /** Linux's pstore directory: id to text, in the order of ids. */
  static Map<Long, byte[]> pstore(String name) throws IOException {
    Map<Long, byte[]> files = new TreeMap<>();
    String folder = name + ".expected/pstore/";
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(open(name + ".oracle.tar.xz"), StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile() && entry.getName().startsWith(folder)) {
          String file = entry.getName().substring(folder.length());
          files.put(Long.valueOf(file.substring(file.lastIndexOf('-') + 1)), tar.readAllBytes());
        }
      }
    }
    return files;
  }

  private static InputStream open(String resource) throws IOException {
    InputStream raw = RecordedPanic.class.getResourceAsStream(FOLDER + resource);
    if (raw == null) {
      throw new IOException("resource must exist: resource=" + resource);
    }
    return new XZInputStream(new BufferedInputStream(raw));
  }
}
