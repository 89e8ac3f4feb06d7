// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.plan;

import io.efirts.api.spec.EfiMemoryDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The regions that a Linux 6.1 kernel on OVMF has mapped, and where: what a plan must equal. */
final class LinuxRegions {
  private LinuxRegions() {}

  /** In the order of the kernel's listing, which is not that of addresses. */
  static List<EfiMemoryDescriptor> all() {
    InputStream in = LinuxRegions.class.getResourceAsStream("linux-x86_64-q35-512.runtime-map.txt");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      return lines.lines().filter(line -> !line.startsWith("#")).map(LinuxRegions::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EfiMemoryDescriptor parse(String line) {
    long[] words =
        Arrays.stream(line.split(" "))
            .mapToLong(word -> Long.parseUnsignedLong(word.substring(2), 16))
            .toArray();
    return new EfiMemoryDescriptor((int) words[0], words[1], words[2], words[3], words[4]);
  }
}
