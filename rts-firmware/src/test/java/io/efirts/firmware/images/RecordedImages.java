// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.images;

import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.storage.MemoryStorage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Images that real firmware wrote, and what Linux read from them. */
public final class RecordedImages {
  public static final String PANIC = "vars-linux-panic";
  public static final String PANIC_UNCOMPRESSED = "vars-linux-panic-nocomp";
  public static final String TORN = "vars-torn-x64-0";

  /** OVMF_VARS_4M.ms.fd of Debian's package ovmf 2022.11-6+deb12u2: Secure Boot keys enrolled. */
  public static final String ENROLLED = "ovmf-vars-4m-ms";

  private RecordedImages() {}

  public static byte[] image(String name) {
    try (InputStream in = open(name + ".fd.xz")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Linux's efivars directory: Name-GUID to 4 bytes of attributes and the data. */
  public static Map<String, byte[]> efivars(String name) {
    Map<String, byte[]> files = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(open(name + ".oracle.tar.xz"), StandardCharsets.UTF_8.name())) {
      String folder = name + ".expected/efivars/";
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile() && entry.getName().startsWith(folder)) {
          files.put(entry.getName().substring(folder.length()), tar.readAllBytes());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static InputStream open(String resource) throws IOException {
    InputStream raw = RecordedImages.class.getResourceAsStream(resource);
    if (raw == null) {
      throw new IOException("resource must exist: resource=" + resource);
    }
    return new XZInputStream(new BufferedInputStream(raw));
  }

  /** Memory with these bytes. */
  public static NvStorage storage(byte[] bytes) {
    NvStorage storage = MemoryStorage.allocate((bytes.length + 7) & -8);
    storage.write(0, MemorySegment.ofArray(bytes), 0, bytes.length);
    return storage;
  }
}
