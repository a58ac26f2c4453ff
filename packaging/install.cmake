# What `cmake --install` puts in place: both programs, manual pages, completions. What belongs to one
# distribution (units, configuration, definitions for monitoring cores) is in debian/.
include(GNUInstallDirs)
install(TARGETS danewatch check_dane RUNTIME)
install(FILES docs/man/danewatch.1 docs/man/check_dane.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES docs/man/danewatch.yml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
set(completions packaging/completions/danewatch)
foreach(name danewatch check_dane)  # bash and fish look for a file by the command's name
  install(FILES ${completions}.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ${name})
  install(FILES ${completions}.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME ${name}.fish)
endforeach()
install(FILES ${completions}.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _danewatch)
