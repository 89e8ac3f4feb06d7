// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.stress;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;

/**
 * Applies each mutant to a copy of its source, compiles that, and runs the tests that must find it
 * with the result ahead of everything else on the class path. The sources are only read.
 */
final class MutantHunt {
  private final Path module;
  private final Path jar;
  private final TestBench bench;

  private MutantHunt(Path module, TestBench bench) {
    this.module = module;
    this.jar = module.resolve("target/jcstress.jar");
    this.bench = bench;
  }

  static MutantHunt in(Path module) throws Exception {
    return new MutantHunt(module, TestBench.probed());
  }

  /**
   * Hunts the named mutants, or all.
   *
   * @return whether every one was found
   */
  boolean kill(List<String> names) throws Exception {
    List<Mutant> mutants = Mutant.readAll(module.resolve("mutants"));
    mutants.removeIf(mutant -> !names.isEmpty() && !names.contains(mutant.name()));
    for (Mutant mutant : mutants) {
      compile(mutant);
    }
    int killed = 0;
    for (Mutant mutant : mutants) {
      String killer = killer(mutant);
      killed += killer == null ? 0 : 1;
      System.out.printf(
          killer == null ? "SURVIVED  %s  %s%n" : "killed    %s  by %s%n",
          mutant.name(),
          killer == null ? mutant.tests() : killer);
    }
    System.out.printf("killed %d of %d%n", killed, mutants.size());
    return !mutants.isEmpty() && killed == mutants.size();
  }

  private String killer(Mutant mutant) throws Exception {
    Path classes = directory(mutant).resolve("classes");
    for (String test : mutant.tests()) {
      if (bench.fails(test, classes + File.pathSeparator + jar)) {
        return test;
      }
    }
    return null;
  }

  private Path directory(Mutant mutant) {
    return module.resolve("target/mutants").resolve(mutant.name());
  }

  private void compile(Mutant mutant) throws IOException {
    Path copy = directory(mutant).resolve("source").resolve(mutant.file().getFileName());
    Path classes = Files.createDirectories(directory(mutant).resolve("classes"));
    Files.createDirectories(copy.getParent());
    Files.writeString(copy, mutant.applyTo(Files.readString(module.resolveSibling(mutant.file()))));
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                System.err,
                System.err,
                "-nowarn",
                "-proc:none",
                "-cp",
                jar.toString(),
                "-d",
                classes.toString(),
                copy.toString());
    if (code != 0) {
      throw new IllegalStateException("mutant must compile: name=" + mutant.name());
    }
  }
}
